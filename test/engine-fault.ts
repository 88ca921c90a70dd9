// Loaded before tests and long runs: their threads run from source, and what takes the types away is WebAssembly in each of them.
import { avoidEngineFault } from '../main/commands/engine-fault.ts';

avoidEngineFault();

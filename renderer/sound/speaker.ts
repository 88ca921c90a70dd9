import { type SoundName, verdictSounds } from './verdict-sounds.ts';

/** Plays the sound of a verdict; silent when muted or when the machine has no sound. */
export interface Speaker {
  readonly play: (name: SoundName) => void;
}

const loudness = 0.25;
const edge = 0.012;

/** Creates the speaker; the audio context is opened at the first sound. */
export function createSpeaker({ createContext, isOn }: { readonly createContext: () => AudioContext; readonly isOn: () => boolean }): Speaker {
  let context: AudioContext | null = null;
  return {
    play: (name) => {
      if (!isOn()) return;
      try {
        context ??= createContext();
        void context.resume();
        playTones(context, name);
      } catch {
        // No sound device: the verdict is told by word, colour and icon as well.
        context = null;
      }
    },
  };
}

function playTones(context: AudioContext, name: SoundName): void {
  for (const { at, lasts, from, to } of verdictSounds[name]) {
    const start = context.currentTime + 0.01 + at;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = 'triangle';
    oscillator.frequency.setValueAtTime(from, start);
    oscillator.frequency.linearRampToValueAtTime(to, start + lasts);
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(loudness, start + edge);
    gain.gain.setValueAtTime(loudness, start + Math.max(edge, lasts - edge));
    gain.gain.linearRampToValueAtTime(0, start + lasts);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + lasts + 0.02);
  }
}

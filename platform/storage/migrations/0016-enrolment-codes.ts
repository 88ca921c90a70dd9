import type { MigrationContext } from './context.ts';

/** The code that the next counter enrols with, one for all processes of the platform. */
export async function migrateEnrolmentCodes({ createTable, bytes, moment }: MigrationContext): Promise<void> {
  await createTable('enrolment_code')
    .addColumn('place', 'text', (c) => c.primaryKey())
    .addColumn('code_digest', 'text', (c) => c.notNull())
    .addColumn('code_sealed', bytes, (c) => c.notNull())
    .addColumn('drawn_at', moment, (c) => c.notNull())
    .execute();
}

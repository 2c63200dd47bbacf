import { count, type Form } from './form.ts';

/** Why a figure that a launcher implies is not changed where it is read. */
export const why = 'This follows from how the job is launched; change the launcher instead.';

/** A positive count. */
export const some: Form<number> = {
  read: (text) => {
    const formed = count.read(text);
    return formed && formed.value > 0 ? formed : undefined;
  },
  spell: count.spell,
};

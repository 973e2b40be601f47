/** For the driver: values as the server prints them, so that no digit of a number gets lost on its way. */
export const asPrinted = { getTypeParser: () => (value: string) => value }

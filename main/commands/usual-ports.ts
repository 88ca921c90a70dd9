/** The port that the reference platform takes when none is asked for: enrolled counters keep its address. */
export const usualPlatformPort = 8710;

/** The port of the kiosk host when none is asked for: the window's own settings belong to its address. */
export const usualKioskPort = 8720;

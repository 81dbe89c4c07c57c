package dev.realtime.sample.chat.ticker;

/**
 * What something costs now.
 *
 * @param symbol what
 * @param price how much
 */
record Quote(String symbol, double price) {
}

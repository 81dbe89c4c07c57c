package dev.realtime.sample.chat.ticker;

import java.util.List;

/**
 * What is published: all prices at one moment. Each frame is the whole picture, so
 * whoever misses one has lost nothing.
 *
 * @param number the moment's number, the same on every node
 * @param quotesIn how many quotes came since the last frame
 * @param quotes the newest of each symbol
 */
record Frame(long number, long quotesIn, List<Quote> quotes) {
}

package dev.realtime.sample.chat.fleet;

/**
 * A message that is sent to be watched. Its timestamp says when it was published.
 *
 * @param by the node that took it from the page
 * @param at when, in milliseconds since 1970, by that node's clock
 */
record Probe(String by, long at) {
}

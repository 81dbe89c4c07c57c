package dev.realtime.sample.chat.fleet;

/**
 * What a node says about itself.
 *
 * @param node its name
 * @param url its WebSocket address
 * @param upSeconds since when it is there
 * @param connections open now
 * @param users people with a connection to it
 * @param subscriptions live now
 * @param published messages published through it
 * @param delivered messages given to its subscribers
 */
record NodeReport(String node, String url, long upSeconds, long connections, int users, long subscriptions,
		long published, long delivered) {
}

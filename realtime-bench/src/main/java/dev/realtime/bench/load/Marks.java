package dev.realtime.bench.load;

import io.netty.buffer.ByteBuf;

/**
 * What a published body carries: {@code ~NUMBER:NANOS~}, the message's number in its
 * topic and when it was meant to be sent. It is found however the server wraps or batches
 * messages.
 */
final class Marks {

	private static final byte MARK = '~';

	private Marks() {
	}

	static String body(long number, long intendedNanos, int size) {
		StringBuilder body = new StringBuilder(size).append('~')
			.append(number)
			.append(':')
			.append(intendedNanos)
			.append('~');
		while (body.length() < size) {
			body.append('x');
		}
		return body.toString();
	}

	/**
	 * Tells the peer of each mark in the range.
	 * @return whether there was one
	 */
	static boolean find(ByteBuf bytes, int start, int end, Peer peer) {
		int from = start;
		while (from < end) {
			int mark = bytes.indexOf(from, end, MARK);
			if (mark < 0) {
				return from > start;
			}
			int at = mark + 1;
			long number = 0;
			for (byte digit = bytes.getByte(at); digit != ':'; digit = bytes.getByte(at)) {
				number = number * 10 + digit - '0';
				at++;
			}
			long nanos = 0;
			for (byte digit = bytes.getByte(++at); digit != MARK; digit = bytes.getByte(at)) {
				nanos = nanos * 10 + digit - '0';
				at++;
			}
			peer.received(number, nanos);
			from = at + 1;
		}
		return true;
	}

}

package dev.realtime.spring.stomp;

import java.time.Duration;
import java.util.function.Supplier;

import dev.realtime.spring.LimitsProperties;
import dev.realtime.spring.rates.Rates;

/**
 * What holds for the clients' side of all connections.
 *
 * @param limits what clients may do
 * @param authenticationTimeout how long the application may work on a CONNECT
 * @param messages makes Spring's messages of frames
 * @param packAlways whether frames share WebSocket messages whatever a client announces
 * @param refusals takes note of what clients are refused
 * @param rates how often clients may do something
 * @param shortPath handles frames that need not become messages
 * @param observer observes frames until they are answered; asked at the first one
 */
record ProtocolRules(LimitsProperties limits, Duration authenticationTimeout, FrameMessages messages,
		boolean packAlways, SessionRefusals refusals, Rates rates, ShortPath shortPath,
		Supplier<FrameObserver> observer) {

	/** Of a CONNECT, besides credentials. */
	private static final int CONNECT_BYTES = 16 * 1024;

	/**
	 * The most bytes of a CONNECT: what is held for a client that is not known yet is its
	 * credentials and little more.
	 */
	int maxConnect() {
		return (int) this.limits.maxCredentialsSize().toBytes() + CONNECT_BYTES;
	}

	/** The most bytes of every other frame. */
	int maxFrame() {
		return this.messages.maxFrame(this.limits);
	}

}

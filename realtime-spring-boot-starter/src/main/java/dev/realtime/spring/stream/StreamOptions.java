package dev.realtime.spring.stream;

import java.time.Duration;

import dev.realtime.spring.RealtimeProperties;

/**
 * How streams behave.
 *
 * @param path what the paths of the resources start with
 * @param heartbeat after how long of silence a comment is written
 * @param pollTimeout how long a poll waits for news
 * @param maxSubscriptions most subscriptions of one stream
 * @param maxBody largest body of a SEND, in bytes
 * @param readTimeout how long a client may take to send a body
 * @param writeTimeout how long a client may take nothing of an answer
 */
public record StreamOptions(String path, Duration heartbeat, Duration pollTimeout, int maxSubscriptions, int maxBody,
		Duration readTimeout, Duration writeTimeout) {

	/** What the application has configured. */
	static StreamOptions of(RealtimeProperties properties) {
		return new StreamOptions(properties.http().path(), properties.http().sseHeartbeat(),
				properties.http().pollTimeout(), properties.limits().subscriptionsPerConnection(),
				(int) properties.limits().maxFrameSize().toBytes(), properties.http().readTimeout(),
				properties.limits().writeTimeout());
	}

}

package dev.realtime.spring.audit;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Who was refused, as far as it is known. Not for applications.
 *
 * @param user the user's name
 * @param session the id of the STOMP session
 * @param address the address without the port
 * @param topic the topic or destination that was asked for
 */
public record Client(@Nullable String user, @Nullable String session, @Nullable String address,
		@Nullable String topic) {

	/** A client of which only the address is known. */
	public static Client at(@Nullable InetSocketAddress address) {
		return new Client(null, null, address(address), null);
	}

	/** Returns the address without the port. */
	public static @Nullable String address(@Nullable InetSocketAddress address) {
		if (address == null) {
			return null;
		}
		return address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
	}

}

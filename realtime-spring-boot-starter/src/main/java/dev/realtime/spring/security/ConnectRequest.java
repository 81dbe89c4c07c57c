package dev.realtime.spring.security;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a client says about itself when it connects, or when it renews its credentials.
 * Its text form shows no credentials.
 *
 * @param sessionId the connection's id, unique on this node
 * @param headers the headers of the CONNECT or SEND frame, without the passcode; of
 * repeated ones the first, as STOMP demands. Immutable
 * @param passcode the header of this name, if there is one
 * @param handshakeUser who the HTTP handshake says it is, if it does; at a renewal the
 * user as whom the client has connected
 * @param remoteAddress the other end of the socket, where that is known; a proxy's behind
 * a proxy
 * @param attributes the session's attributes, as handshake interceptors have left them;
 * they live as long as the connection and may be changed
 */
public record ConnectRequest(String sessionId, Map<String, String> headers, @Nullable String passcode,
		@Nullable Principal handshakeUser, @Nullable InetSocketAddress remoteAddress, Map<String, Object> attributes) {

	/** The session attribute in which the endpoint leaves the remote address. */
	public static final String REMOTE_ADDRESS = "dev.realtime.remote-address";

	/** The session attribute in which the endpoint leaves the ticket of the handshake. */
	public static final String TICKET = "dev.realtime.ticket";

	public ConnectRequest {
		headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
	}

	/** The header of this name. */
	public @Nullable String login() {
		return this.headers.get("login");
	}

	/** The ticket of the CONNECT frame, otherwise that of the handshake, or null. */
	public @Nullable String ticket() {
		String ticket = this.headers.get("ticket");
		return (ticket != null) ? ticket : (String) this.attributes.get(TICKET);
	}

	/**
	 * The token of an {@code Authorization: Bearer} header; neither the header's name nor
	 * the scheme has a case. Passcodes are no tokens: a password must not get where
	 * tokens go.
	 */
	public @Nullable String bearerToken() {
		for (Map.Entry<String, String> header : this.headers.entrySet()) {
			if (header.getKey().equalsIgnoreCase("Authorization")) {
				String value = header.getValue().strip();
				int space = value.indexOf(' ');
				String scheme = (space < 0) ? value : value.substring(0, space);
				return scheme.equalsIgnoreCase("Bearer") ? value.substring(scheme.length()).strip() : null;
			}
		}
		return null;
	}

	@Override
	public String toString() {
		return "CONNECT of session " + this.sessionId + " from " + this.remoteAddress + " with headers "
				+ this.headers.keySet();
	}

}

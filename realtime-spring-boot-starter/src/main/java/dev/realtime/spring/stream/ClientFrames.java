package dev.realtime.spring.stream;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompEncoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.BinaryMessage;

/** The frames that a STOMP client sends, which here is the server itself. */
final class ClientFrames {

	private static final byte[] NO_BODY = {};

	private static final StompEncoder ENCODER = new StompEncoder();

	private ClientFrames() {
	}

	/** The credentials' headers are taken as the request has them. */
	static BinaryMessage connect(Map<String, String> credentials) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("accept-version", "1.2");
		headers.put("host", "localhost");
		headers.put("heart-beat", "0,0");
		headers.put("realtime", "1");
		credentials.forEach(headers::putIfAbsent);
		return frame(StompCommand.CONNECT, headers, NO_BODY);
	}

	static BinaryMessage subscribe(int index, Subscription subscription, int rewind) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("id", Integer.toString(index));
		headers.put("destination", subscription.destination);
		headers.put("receipt", Integer.toString(index));
		if (subscription.token != null) {
			headers.put(SubscriptionTokenParameters.NAME, subscription.token);
		}
		// A stream has one position for each of its subscriptions.
		headers.put("no-wildcard", "1");
		@Nullable Position position = subscription.position();
		if (position != null) {
			headers.put("epoch", position.epoch());
			headers.put("last-seq", Long.toString(position.seq()));
		}
		else if (rewind > 0) {
			headers.put("rewind", Integer.toString(rewind));
		}
		return frame(StompCommand.SUBSCRIBE, headers, NO_BODY);
	}

	static BinaryMessage send(Map<String, String> headers, byte[] body) {
		return frame(StompCommand.SEND, headers, body);
	}

	private static BinaryMessage frame(StompCommand command, Map<String, String> headers, byte[] body) {
		StompHeaderAccessor accessor = StompHeaderAccessor.create(command);
		headers.forEach(accessor::setNativeHeader);
		String passcode = headers.get(StompHeaderAccessor.STOMP_PASSCODE_HEADER);
		if (command == StompCommand.CONNECT && passcode != null) {
			// Spring's encoder takes that of a CONNECT from elsewhere.
			accessor.setPasscode(passcode);
		}
		return new BinaryMessage(ByteBuffer.wrap(ENCODER.encode(accessor.getMessageHeaders(), body)));
	}

}

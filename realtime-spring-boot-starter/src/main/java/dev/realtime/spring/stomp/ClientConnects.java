package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.rates.RateLimitedException;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.rates.RequestCost;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.sessions.Refusal;
import dev.realtime.spring.sessions.SessionDoor;
import org.jspecify.annotations.Nullable;

/**
 * Clients' CONNECTs, once it is known who sends them: lets the client in, or refuses it.
 */
final class ClientConnects {

	private static final int MAX_USER_NAME = 255;

	private final Supplier<TopicAuthorization> access;

	private final SessionDoor door;

	private final Rates rates;

	private final UserConnections users;

	private final ConnectionAge age;

	/** What the server sends, and what it expects of clients. */
	private volatile Heartbeat heartbeat;

	ClientConnects(Supplier<TopicAuthorization> access, SessionDoor door, Rates rates, UserConnections users,
			ConnectionAge age, Heartbeat heartbeat) {
		this.access = access;
		this.door = door;
		this.rates = rates;
		this.users = users;
		this.age = age;
		this.heartbeat = heartbeat;
	}

	void setHeartbeat(Heartbeat heartbeat) {
		this.heartbeat = heartbeat;
	}

	/**
	 * Lets the client in: from now on its connection has a user.
	 * @param client the heartbeats that the client can send and wants to get, or null
	 * @return what the server sends and expects, or null if the client was refused
	 */
	@Nullable Heartbeat letIn(Sender sender, FrameHeaders frame, long @Nullable [] client) {
		Connection connection = sender.connection();
		Principal user = sender.user();
		String name = (user != null) ? user.getName() : null;
		if (name != null && name.length() > MAX_USER_NAME) {
			Refusals.refuseConnect(connection, CloseReason.policy("bad-user"),
					"A user name has at most " + MAX_USER_NAME + " characters");
			return null;
		}
		if (Refusals.refuseGrants(connection, this.access.get(), user)) {
			return null;
		}
		Map<String, Object> attributes = sender.attributes();
		Refusal refusal = this.door.enter(connection, user,
				(attributes != null) ? attributes : new ConcurrentHashMap<>());
		if (refusal != null) {
			Refusals.refuseConnect(connection, refusal.atConnect(), refusal.sentence());
			return null;
		}
		try {
			this.rates.connected(connection, name, (attributes != null) ? RequestCost.of(attributes) : null);
		}
		catch (RateLimitedException ex) {
			Refusals.refuseConnect(connection, ex);
			return null;
		}
		if (!this.users.connected(name, connection)) {
			Refusals.refuseConnect(connection, CloseReason.policy(AddressConnections.WORD), this.users.sentence());
			return null;
		}
		Heartbeat server = this.heartbeat;
		connection.introduce(name, frame.is("realtime"),
				Heartbeat.agreed(server.sendMillis(), (client != null) ? client[1] : 0),
				Heartbeat.agreed(server.expectMillis(), (client != null) ? client[0] : 0));
		this.age.begin(connection);
		return server;
	}

}

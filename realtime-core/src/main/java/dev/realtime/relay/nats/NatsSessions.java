package dev.realtime.relay.nats;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLContext;

import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import dev.realtime.relay.Incoming;
import dev.realtime.relay.RelayCredentialsException;
import dev.realtime.relay.RelaySession;
import dev.realtime.relay.RelayUnavailableException;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import org.jspecify.annotations.Nullable;

/** Connects to NATS; the client's own reconnection is switched off. */
final class NatsSessions implements RelaySession.Opener {

	/** Messages that may wait to be sent; the bound in bytes is reached before. */
	static final int MAX_OUTGOING = 500_000;

	/** Servers of a cluster that are remembered for the next connection. */
	private static final int MAX_SERVERS = 64;

	private final NatsRelayOptions options;

	/** Those of the options, and then those that the last server knew. */
	private volatile Set<String> servers;

	private final LogThrottle undelivered;

	private final LogThrottle reports;

	NatsSessions(NatsRelayOptions options, Environment environment) {
		this.options = options;
		this.undelivered = new LogThrottle(environment);
		this.reports = new LogThrottle(environment);
		this.servers = new LinkedHashSet<>(options.servers());
	}

	@Override
	public RelaySession open(Incoming incoming, RelaySession.Events events) {
		SessionListener listener = new SessionListener(events, this.reports);
		try {
			Connection connection = Nats.connect(options(listener));
			remember(connection.getServers());
			return new NatsSession(connection, this.options, incoming, events, this.undelivered);
		}
		catch (AuthenticationException ex) {
			throw refused(ex);
		}
		catch (IOException ex) {
			if (ex.getMessage() != null && ex.getMessage().contains("uthoriz")) {
				throw refused(ex);
			}
			throw unavailable(ex, listener.failure);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new RelayUnavailableException("the JDK has no TLS", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RelayUnavailableException("interrupted while connecting to NATS", ex);
		}
		catch (IllegalArgumentException ex) {
			throw new RelayUnavailableException("the address or the credentials file of NATS is not usable: "
					+ withoutSecrets(String.valueOf(ex.getMessage())), ex);
		}
	}

	/** Why no server could be used, which the client tells its listener alone. */
	private RelayUnavailableException unavailable(IOException ex, @Nullable Exception told) {
		String server = "NATS at " + addresses();
		RelayUnavailableException untrusted = RelayUnavailableException.untrusted(server, told);
		if (untrusted != null) {
			return untrusted;
		}
		String why = String.valueOf((told != null) ? told.getMessage() : null).contains("SSL")
				? (this.options.isTls() ? " does not offer TLS" : " requires TLS") : " cannot be reached";
		return new RelayUnavailableException(server + why, ex);
	}

	private RelayCredentialsException refused(Exception ex) {
		return new RelayCredentialsException("NATS at " + addresses() + " refuses these credentials", ex);
	}

	private Options options(SessionListener listener) throws NoSuchAlgorithmException {
		Options.Builder builder = new Options.Builder().servers(this.servers.toArray(String[]::new))
			.connectionName("realtime")
			.connectionTimeout(this.options.timeout())
			.noReconnect()
			.maxMessagesInOutgoingQueue(MAX_OUTGOING)
			.connectionListener(listener)
			.errorListener(listener);
		if (this.options.username() != null) {
			String password = this.options.password();
			builder.userInfo(this.options.username().toCharArray(),
					(password != null) ? password.toCharArray() : new char[0]);
		}
		if (this.options.token() != null) {
			builder.token(this.options.token().toCharArray());
		}
		if (this.options.credentials() != null) {
			builder.credentialPath(this.options.credentials());
		}
		if (this.options.isTls()) {
			SSLContext tls = this.options.tls();
			builder.sslContext(new HostCheckingTls((tls != null) ? tls : SSLContext.getDefault()));
			// A certificate has the server's name; the other modes forget it.
			builder.hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs);
		}
		return builder.build();
	}

	private void remember(Collection<String> known) {
		Set<String> all = new LinkedHashSet<>(this.options.servers());
		known.stream().limit(MAX_SERVERS).forEach(all::add);
		this.servers = all;
	}

	private String addresses() {
		return String.join(", ", this.options.servers().stream().map(NatsSessions::withoutSecrets).toList());
	}

	private static String withoutSecrets(String address) {
		return address.replaceAll("//[^/@]*@", "//");
	}

	/** Events of one connection, on the client's threads. */
	private static final class SessionListener implements ConnectionListener, ErrorListener {

		/** After these, nothing comes any more. */
		private static final List<Events> LOST = List.of(Events.DISCONNECTED, Events.CLOSED);

		private static final org.slf4j.Logger logger = org.slf4j.LoggerFactory.getLogger(NatsSessions.class);

		private final RelaySession.Events events;

		private final LogThrottle reports;

		private volatile @Nullable Exception failure;

		SessionListener(RelaySession.Events events, LogThrottle reports) {
			this.events = events;
			this.reports = reports;
		}

		/** The successor of this method is called beside it, not in its place. */
		@Override
		@SuppressWarnings("deprecation")
		public void connectionEvent(Connection connection, Events type) {
			if (LOST.contains(type)) {
				this.events.onLost();
			}
		}

		@Override
		public void slowConsumerDetected(Connection connection, io.nats.client.Consumer consumer) {
			this.events.onDropped();
		}

		@Override
		public void errorOccurred(Connection connection, String error) {
			long since = this.reports.add();
			if (since > 0) {
				logger.warn("NATS reports: {} ({} reports since this was last logged)", error, since);
			}
		}

		@Override
		public void exceptionOccurred(Connection connection, Exception failure) {
			this.failure = failure;
			logger.debug("The connection to NATS failed", failure);
		}

	}

}

package dev.realtime.relay.rabbit;

import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Incoming;
import dev.realtime.relay.RelayCredentialsException;
import dev.realtime.relay.RelaySession;
import dev.realtime.relay.RelayUnavailableException;

/** Connects to RabbitMQ; the client's own recovery is switched off. */
final class RabbitSessions implements RelaySession.Opener {

	private static final int HEARTBEAT_SECONDS = 10;

	private final RabbitRelayOptions options;

	private final Loops loops;

	RabbitSessions(RabbitRelayOptions options, Loops loops) {
		this.options = options;
		this.loops = loops;
	}

	@Override
	public RelaySession open(Incoming incoming, RelaySession.Events events) {
		try {
			Connection connection = factory().newConnection("realtime");
			try {
				return RabbitSession.open(connection, this.options, this.loops, incoming, events);
			}
			catch (IOException | ShutdownSignalException ex) {
				connection.abort(1_000);
				throw new RelayUnavailableException("RabbitMQ at " + this.options.address() + " refuses the exchange \""
						+ this.options.exchange() + "\" or a queue on it: " + reason(ex), ex);
			}
		}
		catch (PossibleAuthenticationFailureException ex) {
			throw new RelayCredentialsException("RabbitMQ at " + this.options.address() + " refuses these credentials",
					ex);
		}
		catch (IOException | TimeoutException ex) {
			RelayUnavailableException untrusted = RelayUnavailableException
				.untrusted("RabbitMQ at " + this.options.address(), ex);
			if (untrusted != null) {
				throw untrusted;
			}
			String refusal = (ex.getCause() instanceof ShutdownSignalException signal) ? " refuses: " + reason(signal)
					: " cannot be reached";
			throw new RelayUnavailableException("RabbitMQ at " + this.options.address() + refusal, ex);
		}
		catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException ex) {
			throw new RelayUnavailableException(
					"\"" + this.options.address() + "\" is not a usable address of RabbitMQ", null);
		}
	}

	private ConnectionFactory factory() throws URISyntaxException, GeneralSecurityException {
		if (!this.options.uri().matches("amqps?://.+")) {
			throw new IllegalArgumentException("The address begins with amqp:// or amqps://");
		}
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(this.options.uri());
		if (factory.isSSL()) {
			// The client would trust any certificate.
			factory.useSslProtocol((this.options.tls() != null) ? this.options.tls() : SSLContext.getDefault());
			factory.enableHostnameVerification();
		}
		factory.setAutomaticRecoveryEnabled(false);
		factory.setTopologyRecoveryEnabled(false);
		int timeout = (int) this.options.timeout().toMillis();
		factory.setConnectionTimeout(timeout);
		factory.setHandshakeTimeout(2 * timeout);
		factory.setChannelRpcTimeout(timeout);
		factory.setShutdownTimeout(1_000);
		factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
		return factory;
	}

	private static String reason(Throwable failure) {
		Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
		return String.valueOf(cause.getMessage());
	}

}

package dev.realtime.relay.postgres;

import java.time.Duration;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.sql.Connection;
import java.time.Duration;
import java.util.function.UnaryOperator;

import java.time.Duration;
import javax.sql.DataSource;

import dev.realtime.testing.Await;
import dev.realtime.testing.Databases;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes whose connections take LISTEN and bring nothing, as those of a pooler do that
 * gives a connection to others after each transaction.
 */
class PollingRelayIT extends PostgresRelayContract {

	@Override
	protected DataSource dataSource() {
		DataSource pool = Databases.postgresql();
		return proxy(DataSource.class, pool, PollingRelayIT::deaf);
	}

	@Override
	protected DataSource direct() {
		return Databases.postgresql();
	}

	/** Each poller says every 5 s that it reads. */
	@Override
	protected int polls() {
		return 10;
	}

	/** It never hears a probe, so a short wait is right. */
	@Override
	protected PostgresRelayOptions options() {
		return withProbeTimeout(Duration.ofMillis(700));
	}

	@Test
	void saysThatItPollsAndHearsNodesThatListen() {
		PostgresRelay listening = node(direct(), withProbeTimeout(Duration.ofSeconds(2)));
		PostgresRelay polling = node(dataSource());
		Messages.Heard polled = new Messages.Heard();
		Messages.Heard listened = new Messages.Heard();
		try {
			listening.start(listened);
			polling.start(polled);
			assertThat(listening.isPolling()).isFalse();
			assertThat(polling.isPolling()).isTrue();
			Await.result(polling.subscribe(this.topic));
			Await.result(listening.subscribe(this.topic));
			StoringRelay.store(direct(), message(this.topic, 1, "one"));
			StoringRelay.store(direct(), message(this.topic, 2, "two"));

			Await.result(listening.announce(message(this.topic, 1, "one")));
			Await.until(() -> assertThat(polled.texts()).containsExactly("one"));
			Await.result(polling.announce(message(this.topic, 2, "two")));
			Await.until(() -> assertThat(listened.texts()).containsExactly("one", "two"));
		}
		finally {
			listening.close();
			polling.close();
		}
	}

	private static Object deaf(Object result) {
		if (result instanceof PGConnection) {
			return proxy(PGConnection.class, result,
					(each) -> (each instanceof PGNotification[]) ? new PGNotification[0] : each);
		}
		return (result instanceof Connection) ? proxy(Connection.class, result, PollingRelayIT::deaf) : result;
	}

	private static <T> T proxy(Class<T> type, Object target, UnaryOperator<Object> change) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (self, method, args) -> {
				try {
					Object result = method.invoke(target, args);
					return (result != null) ? change.apply(result) : null;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}

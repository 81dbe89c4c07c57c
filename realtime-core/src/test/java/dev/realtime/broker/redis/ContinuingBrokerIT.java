package dev.realtime.broker.redis;

import java.time.Duration;

import dev.realtime.broker.Broker;
import dev.realtime.broker.BrokerContract;
import dev.realtime.redis.Continuing;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;

/** The broker whose topics go on after a failover, on a server of its own. */
class ContinuingBrokerIT extends BrokerContract {

	private final RedisServer redis = RedisServer.start();

	private final RedisFleet fleet = new RedisFleet(this.redis.uri());

	@Override
	protected Broker create() {
		return this.fleet.broker(new Continuing(0, Duration.ofMillis(200), Duration.ofSeconds(2)));
	}

	@Override
	protected boolean isFleet() {
		return true;
	}

	/** Each broker announces what it has published, when the replicas have it. */
	@Override
	protected boolean isHeardInOrder() {
		return false;
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		Await.until(assertion);
	}

	@AfterEach
	void closeFleet() {
		this.fleet.close();
		this.redis.close();
	}

}

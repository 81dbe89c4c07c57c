package dev.realtime.testing;

import java.sql.SQLException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What PostgreSQL says about our queries when many topics have many messages. */
public abstract class PlansContract {

	protected QueryPlans plans;

	@BeforeEach
	public final void fill() throws SQLException {
		this.plans = QueryPlans.open();
		this.plans.with("INSERT INTO realtime_topic SELECT 'plan.' || t, 'E', 500, 1, 500, 1, 1000 + t, 1000 + t, 1 "
				+ "FROM generate_series(1, 200) t");
		this.plans
			.with("INSERT INTO realtime_message (topic, epoch, seq, published_at, expires_at, content_type, payload) "
					+ "SELECT 'plan.' || t, 'E', s, s, 0, 'text/plain', 'x' "
					+ "FROM generate_series(1, 200) t, generate_series(1, 500) s");
		this.plans.with("INSERT INTO realtime_outbox (topic, epoch, seq, created_at, attempts) "
				+ "SELECT 'plan.' || t, 'E', s, t * 1000 + s, 0 "
				+ "FROM generate_series(1, 20) t, generate_series(1, 500) s");
		this.plans.with("INSERT INTO realtime_idempotency SELECT 'plan.' || t, 'id' || s, 'E', s, s, t * 1000 + s "
				+ "FROM generate_series(1, 20) t, generate_series(1, 500) s");
		this.plans.with("INSERT INTO realtime_read SELECT 'user.' || u, 'plan.' || t, 'E', 100, 1, 1, 50 "
				+ "FROM generate_series(1, 500) u, generate_series(1, 100) t");
		this.plans.analyzed("read", "topic", "message", "outbox", "idempotency");
	}

	@AfterEach
	public final void leaveNothing() throws SQLException {
		this.plans.close();
	}

}

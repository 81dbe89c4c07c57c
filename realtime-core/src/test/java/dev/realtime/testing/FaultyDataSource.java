package dev.realtime.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool that throws on request before it gives a connection, and counts what its
 * connections are asked for.
 */
public final class FaultyDataSource {

	private final DataSource pool;

	private final AtomicReference<@Nullable String> failing = new AtomicReference<>();

	private final AtomicInteger failures = new AtomicInteger();

	private final AtomicInteger isolationQuestions = new AtomicInteger();

	private final AtomicInteger statements = new AtomicInteger();

	public FaultyDataSource(DataSource pool) {
		this.pool = pool;
	}

	/** A pool of one connection, which is given back as it is left and never closed. */
	public static DataSource of(Connection connection) {
		Connection pooled = (Connection) Proxy.newProxyInstance(FaultyDataSource.class.getClassLoader(),
				new Class<?>[] { Connection.class },
				(proxy, method, args) -> method.getName().equals("close") ? null : method.invoke(connection, args));
		return (DataSource) Proxy.newProxyInstance(FaultyDataSource.class.getClassLoader(),
				new Class<?>[] { DataSource.class }, (proxy, method, args) -> pooled);
	}

	/** The pool, as the code under test gets it. */
	public DataSource dataSource() {
		return proxy(DataSource.class, this.pool, (method) -> {
			String threads = this.failing.get();
			if (method.equals("getConnection") && threads != null
					&& Thread.currentThread().getName().startsWith(threads)) {
				this.failures.incrementAndGet();
				throw new OutOfMemoryError("simulated");
			}
		});
	}

	/** From now on threads of this name get an error instead of a connection. */
	public void failFor(String threads) {
		this.failures.set(0);
		this.failing.set(threads);
	}

	/** How often a connection was refused since then. */
	public int failures() {
		return this.failures.get();
	}

	/** Gives connections again. */
	public void recover() {
		this.failing.set(null);
	}

	/** How often a connection was asked for its isolation. */
	public int isolationQuestions() {
		return this.isolationQuestions.get();
	}

	/** How many statements were prepared. */
	public int statements() {
		return this.statements.get();
	}

	private <T> T proxy(Class<T> type, Object target, Before before) {
		InvocationHandler handler = (proxy, method, args) -> {
			before.call(method.getName());
			Object result;
			try {
				result = method.invoke(target, args);
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
			return (result instanceof Connection connection) ? proxy(Connection.class, connection, this::count)
					: result;
		};
		return type
			.cast(Proxy.newProxyInstance(FaultyDataSource.class.getClassLoader(), new Class<?>[] { type }, handler));
	}

	private void count(String method) {
		if (method.equals("getTransactionIsolation")) {
			this.isolationQuestions.incrementAndGet();
		}
		if (method.equals("prepareStatement")) {
			this.statements.incrementAndGet();
		}
	}

	private interface Before {

		void call(String method);

	}

}

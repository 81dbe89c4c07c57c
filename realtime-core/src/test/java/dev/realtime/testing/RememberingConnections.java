package dev.realtime.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A driver whose only connection keeps its network timeout, as those of PostgreSQL and
 * MariaDB do and H2's does not, and is never closed.
 */
public final class RememberingConnections {

	private RememberingConnections() {
	}

	/** The driver, as a pool gets it; its connection is one of the given database. */
	public static DataSource of(DataSource database) {
		AtomicReference<@Nullable Connection> only = new AtomicReference<>();
		return (DataSource) Proxy.newProxyInstance(RememberingConnections.class.getClassLoader(),
				new Class<?>[] { DataSource.class }, (proxy, method, args) -> {
					if (only.get() == null) {
						only.set(remembering(database.getConnection()));
					}
					return only.get();
				});
	}

	private static Connection remembering(Connection connection) {
		AtomicInteger networkTimeout = new AtomicInteger();
		return (Connection) Proxy.newProxyInstance(RememberingConnections.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> switch (method.getName()) {
					case "getNetworkTimeout" -> networkTimeout.get();
					case "setNetworkTimeout" -> {
						networkTimeout.set((Integer) args[1]);
						yield null;
					}
					case "close" -> null;
					default -> call(connection, method, args);
				});
	}

	private static @Nullable Object call(Connection connection, Method method, @Nullable Object[] args)
			throws Throwable {
		try {
			return method.invoke(connection, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

}

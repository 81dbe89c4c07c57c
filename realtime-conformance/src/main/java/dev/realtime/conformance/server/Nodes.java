package dev.realtime.conformance.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/** The nodes that clients are checked against; each is started when a case needs it. */
public final class Nodes implements AutoCloseable {

	private static final String[] DATABASE = { "--realtime.log=jdbc", "--spring.datasource.url=jdbc:h2:mem:conformance",
			"--realtime.unread.push-interval=50ms", "--realtime.topics.volatile.pattern=*.volatile",
			"--realtime.topics.volatile.durable=false" };

	@GuardedBy("this")
	private @Nullable Server inMemory;

	@GuardedBy("this")
	private @Nullable Server withDatabase;

	/** Returns the node that keeps its topics in its memory. */
	public synchronized Server inMemory() {
		if (this.inMemory == null) {
			this.inMemory = Server.start();
		}
		return this.inMemory;
	}

	/**
	 * Returns the node that keeps its topics in a database, and so knows what is read.
	 */
	public synchronized Server withDatabase() {
		if (this.withDatabase == null) {
			this.withDatabase = Server.start(DATABASE);
		}
		return this.withDatabase;
	}

	@Override
	public synchronized void close() {
		try {
			close(this.inMemory);
		}
		finally {
			close(this.withDatabase);
		}
	}

	private static void close(@Nullable Server server) {
		if (server != null) {
			server.close();
		}
	}

}

package dev.realtime.connection;

import java.time.Duration;

import dev.realtime.loop.Environment;
import dev.realtime.testing.Threads;
import org.junit.jupiter.api.Test;

/** The end of taking connections, in many interleavings with one that comes and goes. */
class OpenConnectionsInterleavingTests {

	@Test
	void theLastOneThatGoesIsNoticed() {
		Threads.inManyInterleavings(() -> {
			OpenConnections open = new OpenConnections(Environment.system());
			Connection connection = new OneConnection().connection;
			Threads others = new Threads().start(() -> {
				if (open.add(connection)) {
					Threads.check(open.remove(connection), "It is not there");
				}
			});
			Threads.check(open.end(), "It has ended before");
			others.join();
			Threads.check(open.all().isEmpty() && open.awaitAllGone(Duration.ZERO),
					"The end of the last connection was missed");
		});
	}

}

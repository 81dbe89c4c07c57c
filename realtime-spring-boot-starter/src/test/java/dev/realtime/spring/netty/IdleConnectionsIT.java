package dev.realtime.spring.netty;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** What idle connections keep in memory, counted in the heap of this process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdleConnectionsIT {

	private static final int CONNECTIONS = 40;

	private final ConfigurableApplicationContext node = ListeningNode.start();

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void rule8_anIdleConnectionOfNettyKeepsNeitherItsRequestNorWhatHasReadIt() throws IOException {
		keepsNone(ListeningNode.port(this.node), "dev.realtime.spring.netty.HandshakeHandler",
				"dev.realtime.spring.netty.RequestAggregator", "io.netty.handler.codec.http.DefaultHttpRequest");
	}

	@Test
	void rule8_anIdleConnectionOfTheServletPortKeepsNoParsedAddress() throws IOException {
		keepsNone(this.node.getEnvironment().getRequiredProperty("local.server.port", Integer.class), "java.net.URI");
	}

	private static void keepsNone(int port, String... types) throws IOException {
		List<RawClient> clients = new ArrayList<>();
		try {
			clients.add(RawClient.connect(port).subscribe("idle"));
			long[] before = counts(types);
			for (int i = 0; i < CONNECTIONS; i++) {
				clients.add(RawClient.connect(port).subscribe("idle"));
			}
			Awaitility.await("none for each connection")
				.untilAsserted(() -> assertThat(grown(before, types)).as(String.join(", ", types))
					.isLessThan(CONNECTIONS / 2));
		}
		finally {
			for (RawClient each : clients) {
				each.close();
			}
		}
	}

	/** By how many the most frequent type has grown. */
	private static long grown(long[] before, String... types) {
		long[] now = counts(types);
		long most = 0;
		for (int i = 0; i < now.length; i++) {
			most = Math.max(most, now[i] - before[i]);
		}
		return most;
	}

	/** The instances that a full collection leaves. */
	private static long[] counts(String... types) {
		String histogram;
		try {
			histogram = (String) ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
		}
		catch (JMException ex) {
			throw new IllegalStateException(ex);
		}
		long[] counts = new long[types.length];
		for (int i = 0; i < types.length; i++) {
			Matcher line = Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+" + Pattern.quote(types[i]) + "(\\s|$)")
				.matcher(histogram);
			counts[i] = line.find() ? Long.parseLong(line.group(1)) : 0;
		}
		return counts;
	}

}

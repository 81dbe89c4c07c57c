package dev.realtime.spring.stomp;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HostLimitsTests {

	private static final Map<String, Integer> NETTY = Map.of("realtime.netty.max-connections", 50_000);

	private static final long MANY = 1_000_000;

	private static final long GIGABYTE = 1L << 30;

	@Test
	void aProcessThatCanHoldThemSaysNothing() {
		assertThat(HostLimits.warnings(NETTY, 50_500, GIGABYTE)).isEmpty();
		assertThat(HostLimits.warnings(Map.of(), 1, 1)).isEmpty();
		assertThat(HostLimits.warnings(Map.of("server.tomcat.max-connections", -1), 1, 1)).isEmpty();
	}

	@Test
	void tooFewFilesAreNamedWithTheNumberToSet() {
		assertThat(HostLimits.warnings(NETTY, 50_499, GIGABYTE)).singleElement()
			.asString()
			.contains("Up to 50,000 connections", "may open 50,499 files", "let it open 50500", "LimitNOFILE",
					"lower realtime.netty.max-connections");
	}

	@Test
	void aHeapThatIsTooSmallIsNamedWithTheSizeToSet() {
		assertThat(HostLimits.warnings(NETTY, MANY, GIGABYTE / 4)).singleElement()
			.asString()
			.contains("the heap of 256 MB", "-Xmx to 455m");
	}

	@Test
	void theListenersOfOneProcessShareItsLimits() {
		Map<String, Integer> both = Map.of("realtime.netty.max-connections", 500, "server.tomcat.max-connections", 500);

		assertThat(HostLimits.warnings(both, 1_499, GIGABYTE)).singleElement()
			.asString()
			.contains("1,000", "1500", "server.tomcat.max-connections");
	}

}

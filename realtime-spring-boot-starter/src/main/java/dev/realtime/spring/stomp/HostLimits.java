package dev.realtime.spring.stomp;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.realtime.spring.RealtimeProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Warns at startup when the process cannot hold as many connections as it is configured
 * to accept: it may open too few files, or its heap is too small for idle ones. Direct
 * memory is not compared, because idle connections use none.
 */
final class HostLimits implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(HostLimits.class);

	private static final boolean TOMCAT = ClassUtils.isPresent("org.apache.catalina.util.ServerInfo",
			HostLimits.class.getClassLoader());

	/** Images of a JDK may lack its module. */
	private static final boolean FILES = ClassUtils.isPresent("com.sun.management.UnixOperatingSystemMXBean",
			HostLimits.class.getClassLoader());

	private static final String TOMCAT_CONNECTIONS = "server.tomcat.max-connections";

	/** Tomcat's default. */
	private static final int TOMCAT_DEFAULT = 8_192;

	/** Jars, logs, and the connections that the application makes. */
	private static final int OTHER_FILES = 500;

	/** Of an idle connection with one subscription; see docs/performance.md. */
	private static final long CONNECTION_BYTES = 8 * 1_024;

	/** Of an application without connections; see docs/sizing.md. */
	private static final long APPLICATION_BYTES = 64 << 20;

	private final RealtimeProperties properties;

	private final Environment environment;

	HostLimits(RealtimeProperties properties, Environment environment) {
		this.properties = properties;
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		long files = FILES ? OpenFiles.limit() : Long.MAX_VALUE;
		warnings(connections(), files, Runtime.getRuntime().maxMemory()).forEach(logger::warn);
	}

	/** How many connections each listener accepts, by the property that says so. */
	private Map<String, Integer> connections() {
		Map<String, Integer> connections = new LinkedHashMap<>();
		if (TOMCAT) {
			connections.put(TOMCAT_CONNECTIONS,
					this.environment.getProperty(TOMCAT_CONNECTIONS, Integer.class, TOMCAT_DEFAULT));
		}
		if (this.properties.netty().port() != null) {
			connections.put("realtime.netty.max-connections", this.properties.netty().maxConnections());
		}
		return connections;
	}

	/**
	 * What to warn of.
	 * @param connections how many each listener accepts, by property; a negative number
	 * means any number, which is not compared
	 * @param files how many files the process may open
	 * @param heap its largest size in bytes
	 */
	static List<String> warnings(Map<String, Integer> connections, long files, long heap) {
		long sum = connections.values().stream().filter((each) -> each > 0).mapToLong(Integer::longValue).sum();
		String properties = String.join(" and ", connections.keySet());
		String accepts = "Up to %,d connections are accepted (%s), but ".formatted(sum, properties);
		List<String> warnings = new ArrayList<>();
		if (sum > 0 && sum + OTHER_FILES > files) {
			warnings
				.add((accepts + "the process may open %,d files: let it open %d (ulimit -n, LimitNOFILE), or lower %s")
					.formatted(files, sum + OTHER_FILES, properties));
		}
		long needed = APPLICATION_BYTES + sum * CONNECTION_BYTES;
		if (sum > 0 && needed > heap) {
			warnings.add((accepts
					+ "the heap of %d MB is too small even for idle ones: set -Xmx to %dm or more, or lower %s")
				.formatted(DataSize.ofBytes(heap).toMegabytes(), DataSize.ofBytes(needed).toMegabytes() + 1,
						properties));
		}
		return warnings;
	}

	private static final class OpenFiles {

		static long limit() {
			return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
					? system.getMaxFileDescriptorCount() : Long.MAX_VALUE;
		}

	}

}

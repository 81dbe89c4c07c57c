package dev.realtime.bench.trial;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.management.UnixOperatingSystemMXBean;

/** What this process may open, and what the system has for it. */
final class ProcessLimits {

	/** Jars, the JVM's own files, connections that are being closed. */
	private static final int OTHERS = 200;

	private static final Path PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

	private static final Pattern RANGE = Pattern.compile("(\\d+)\\s+(\\d+)");

	private ProcessLimits() {
	}

	/**
	 * Throws if so many connections are impossible.
	 * @throws IllegalArgumentException saying which limit is in the way
	 */
	static void check(int connections) {
		if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
			checkFiles(connections, system.getMaxFileDescriptorCount());
		}
		try {
			if (Files.isReadable(PORTS)) {
				checkPorts(connections, Files.readString(PORTS));
			}
		}
		catch (IOException ex) {
			// Where the system does not tell, the connections do.
			return;
		}
	}

	static void checkFiles(int connections, long most) {
		if (connections + OTHERS > most) {
			throw new IllegalArgumentException(connections + " connections need " + (connections + OTHERS)
					+ " file descriptors, and this process may have " + most + ": raise the limit with ulimit -n "
					+ (connections + OTHERS) + ", or use several machines and merge their results");
		}
	}

	static void checkPorts(int connections, String range) {
		Matcher ends = RANGE.matcher(range.strip());
		if (!ends.matches()) {
			return;
		}
		int ports = Integer.parseInt(ends.group(2)) - Integer.parseInt(ends.group(1)) + 1;
		if (connections > ports) {
			throw new IllegalArgumentException(
					connections + " connections to one address need as many ports, and this " + "machine has " + ports
							+ " (net.ipv4.ip_local_port_range): use several machines and merge their results");
		}
	}

}

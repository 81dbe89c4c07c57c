package dev.realtime.spring.stomp;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import dev.realtime.stomp.MalformedFrameException;
import dev.realtime.stomp.StompFrame;

/**
 * The headers of CONNECT by which the two sides agree, in the form that Spring reads:
 * blanks after a comma are common, and Spring does not accept them.
 */
final class ConnectHeaders {

	private static final String HEART_BEAT = "heart-beat";

	private static final String ACCEPT_VERSION = "accept-version";

	private static final String NO_TIMES = "0,0";

	private static final List<String> NEWEST_FIRST = List.of("1.2", "1.1", "1.0");

	private static final Set<String> VERSIONS = Set.copyOf(NEWEST_FIRST);

	private static final Pattern TWO_TIMES = Pattern.compile("\\s*(\\d{1,18})\\s*,\\s*(\\d{1,18})\\s*");

	private static final Pattern BLANK = Pattern.compile("\\s");

	private static final long LONGEST_MILLIS = Duration.ofDays(1).toMillis();

	private ConnectHeaders() {
	}

	/**
	 * Returns the frame's headers for Spring.
	 * @throws MalformedFrameException if the two sides cannot agree
	 */
	static Map<String, List<String>> of(StompFrame connect) {
		String versions = connect.header(ACCEPT_VERSION);
		// A client of STOMP 1.0 names no versions.
		String readVersions = (versions != null) ? versions(versions, connect) : "1.0";
		String times = connect.header(HEART_BEAT);
		String readTimes = (times != null) ? times(times, connect) : null;
		if (readVersions.equals(versions) && Objects.equals(readTimes, times)) {
			return connect.headers();
		}
		Map<String, List<String>> headers = new LinkedHashMap<>(connect.headers());
		headers.put(ACCEPT_VERSION, List.of(readVersions));
		if (readTimes != null) {
			headers.put(HEART_BEAT, List.of(readTimes));
		}
		return headers;
	}

	/** Returns what the client can send and wants to get, of the headers for Spring. */
	static long[] heartbeat(Map<String, List<String>> agreed) {
		List<String> times = agreed.get(HEART_BEAT);
		if (times == null || times.get(0).equals(NO_TIMES)) {
			return new long[2];
		}
		String value = times.get(0);
		int comma = value.indexOf(',');
		return new long[] { Long.parseLong(value.substring(0, comma)), Long.parseLong(value.substring(comma + 1)) };
	}

	/** Returns the newest version of STOMP that both sides speak. */
	static String version(Map<String, List<String>> agreed) {
		List<String> versions = agreed.get(ACCEPT_VERSION);
		List<String> offered = (versions != null) ? Arrays.asList(versions.get(0).split(",", -1)) : List.of();
		return NEWEST_FIRST.stream().filter(offered::contains).findFirst().orElse("1.0");
	}

	private static String times(String value, StompFrame connect) {
		if (value.equals(NO_TIMES)) {
			return value;
		}
		var times = TWO_TIMES.matcher(value);
		if (!times.matches()) {
			throw new MalformedFrameException("heart-beat must be two numbers of milliseconds, such as 10000,10000",
					connect.header("receipt"));
		}
		return bounded(times.group(1)) + ',' + bounded(times.group(2));
	}

	private static String bounded(String millis) {
		return Long.toString(Math.min(LONGEST_MILLIS, Long.parseLong(millis)));
	}

	private static String versions(String value, StompFrame connect) {
		if (VERSIONS.contains(value)) {
			return value;
		}
		String versions = BLANK.matcher(value).replaceAll("");
		if (Arrays.stream(versions.split(",", -1)).noneMatch(VERSIONS::contains)) {
			throw new MalformedFrameException(
					"This server speaks STOMP 1.2, 1.1 and 1.0, and accept-version names none of them",
					connect.header("receipt"));
		}
		return versions;
	}

}

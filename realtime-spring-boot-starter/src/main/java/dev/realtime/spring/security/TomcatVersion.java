package dev.realtime.spring.security;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.catalina.util.ServerInfo;

/** Knows whether a version of Tomcat has faults that strangers can use. */
final class TomcatVersion {

	private static final Pattern NUMBER = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

	private TomcatVersion() {
	}

	/** The version on the class path. */
	static String current() {
		return ServerInfo.getServerNumber();
	}

	/** Whether CVE-2026-76183 and CVE-2026-79677 are not fixed in it. */
	static boolean isOutdated(String version) {
		Matcher number = NUMBER.matcher(version);
		return number.matches() && switch (part(number, 1)) {
			case 10 -> part(number, 2) < 1 || (part(number, 2) == 1 && part(number, 3) < 60);
			case 11 -> part(number, 2) == 0 && part(number, 3) < 26;
			default -> part(number, 1) < 10;
		};
	}

	private static int part(MatchResult number, int group) {
		return Integer.parseInt(number.group(group));
	}

}

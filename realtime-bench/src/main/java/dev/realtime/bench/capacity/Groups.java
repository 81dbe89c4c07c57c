package dev.realtime.bench.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code --groups=TOPICSxMEMBERS@RATE/s,…}: {@code 100kx50@0.1/s,1kx5000@2/s} is
 * 100,000 topics of 50 subscribers with a message every ten seconds, and 1,000 of 5,000
 * with two a second.
 */
final class Groups {

	private static final String FORM = "TOPICSxMEMBERS@RATE/s, such as 100kx50@0.1/s";

	private static final Pattern GROUP = Pattern.compile("([^x@/]+)x([^x@/]+)@([^x@/]+)/s");

	private static final int MOST_GROUPS = 100;

	private static final long MOST_MEMBERS = 100_000_000;

	private Groups() {
	}

	/**
	 * Reads all groups.
	 * @throws IllegalArgumentException if one is none, naming it and how it is written
	 */
	static List<Group> parse(String text) {
		String[] parts = text.split(",", -1);
		if (parts.length > MOST_GROUPS) {
			throw new IllegalArgumentException("--groups has at most " + MOST_GROUPS + " groups, not " + parts.length);
		}
		List<Group> groups = new ArrayList<>();
		for (String part : parts) {
			groups.add(group(part.strip()));
		}
		return List.copyOf(groups);
	}

	private static Group group(String text) {
		Matcher parts = GROUP.matcher(text);
		if (!parts.matches()) {
			throw new IllegalArgumentException("Write each of --groups as " + FORM + ", not \"" + text + '"');
		}
		String where = " of the group \"" + text + '"';
		long members = Quantity.whole("MEMBERS" + where, parts.group(2));
		if (members > MOST_MEMBERS) {
			throw new IllegalArgumentException("MEMBERS" + where + " is at most " + MOST_MEMBERS);
		}
		return new Group(Quantity.whole("TOPICS" + where, parts.group(1)), (int) members,
				Quantity.of("RATE" + where, parts.group(3)));
	}

}

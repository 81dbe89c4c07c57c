package dev.realtime.sample.chat.login;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** What people may be called. */
public final class Names {

	/** What is wrong with a name that is not legal. */
	public static final String RULE = "A name has 1 to 24 letters, digits, spaces or . _ - and starts with a letter or digit";

	private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,23}");

	/** Two names must fit into the topic of a direct message, three characters a byte. */
	private static final int MAX_BYTES = 40;

	private Names() {
	}

	/** Whether somebody may have this name. */
	public static boolean isLegal(@Nullable String name) {
		return name != null && NAME.matcher(name).matches()
				&& name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
	}

}

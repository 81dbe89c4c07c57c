package dev.realtime.presence;

import java.util.Comparator;

/** What a user's name may be, and the order of members. */
public final class UserNames {

	/** Longest legal name, in characters. */
	public static final int MAX_LENGTH = 255;

	/**
	 * By code point, which is the order of the UTF-8 bytes too: every store can keep it.
	 */
	public static final Comparator<String> ORDER = UserNames::compare;

	private UserNames() {
	}

	/**
	 * Passes a legal name.
	 * @throws IllegalArgumentException when it is empty, longer than {@value #MAX_LENGTH}
	 * or holds half a surrogate pair, which has no bytes of its own in UTF-8
	 */
	public static String check(String user) {
		if (user.isEmpty() || user.length() > MAX_LENGTH || !isWellFormed(user)) {
			throw new IllegalArgumentException("A user's name must be 1 to " + MAX_LENGTH
					+ " characters of well-formed Unicode, not " + user.length() + " characters"
					+ (isWellFormed(user) ? "" : " with half a surrogate pair"));
		}
		return user;
	}

	/** Whether {@link #check} passes. */
	public static boolean isLegal(String user) {
		return !user.isEmpty() && user.length() <= MAX_LENGTH && isWellFormed(user);
	}

	private static boolean isWellFormed(String user) {
		return user.codePoints()
			.noneMatch((point) -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
	}

	private static int compare(String left, String right) {
		int common = Math.min(left.length(), right.length());
		for (int i = 0; i < common; i++) {
			char l = left.charAt(i);
			char r = right.charAt(i);
			if (l != r) {
				boolean oneIsSurrogate = Character.isSurrogate(l) != Character.isSurrogate(r);
				return oneIsSurrogate ? Boolean.compare(Character.isSurrogate(l), Character.isSurrogate(r))
						: Character.compare(l, r);
			}
		}
		return Integer.compare(left.length(), right.length());
	}

}

package dev.realtime.spring.asyncapi;

import java.util.Set;

/**
 * Names of a document's parts, which other parts refer to. Public for our own packages;
 * not for applications.
 */
public final class Names {

	private Names() {
	}

	/** Replaces what references would have to escape. */
	public static String word(String text) {
		String word = text.replaceAll("[^A-Za-z0-9_.-]+", "_");
		return word.isEmpty() ? "_" : word;
	}

	/** Returns the name, with a number after it if it is taken. */
	public static String free(String name, Set<String> taken) {
		String free = name;
		for (int i = 2; taken.contains(free); i++) {
			free = name + '_' + i;
		}
		return free;
	}

}

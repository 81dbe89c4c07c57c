package dev.realtime.spring.json;

import org.jspecify.annotations.Nullable;

import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/** Reads media types, which clients and publishers write as they like. */
public final class MediaTypes {

	private MediaTypes() {
	}

	/** Returns the media type, or null if the text is none. */
	public static @Nullable MimeType parse(String text) {
		try {
			return MimeTypeUtils.parseMimeType(text);
		}
		catch (InvalidMimeTypeException | StringIndexOutOfBoundsException ex) {
			// Spring's parser looks for the end of a quotation behind the text's end.
			return null;
		}
	}

}

package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * A Lua script. Where its text says {@code @SERVER@}, the id of one life of one Redis
 * server is filled in (see {@link RedisLink}), and for {@code @PUBLISH@} the command that
 * announces there. On one of several independent servers it stands behind a fence; see
 * {@link ShardFence}.
 *
 * @param name for messages
 * @param text the source
 */
public record RedisScript(String name, String text) {

	/** The script as one server life knows it. */
	Loaded on(String server, String publish, @Nullable String fence) {
		String text = (fence != null) ? ShardFence.before(this.text, fence) : this.text;
		String source = text.replace("@SERVER@", server).replace("@PUBLISH@", publish);
		return new Loaded(source, sha1(source).getBytes(StandardCharsets.US_ASCII));
	}

	private static String sha1(String source) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-1", ex);
		}
	}

	/**
	 * The script on one server.
	 *
	 * @param source the text that was loaded
	 * @param shaBytes the name that EVALSHA takes
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Loaded(String source, byte[] shaBytes) {
	}

}

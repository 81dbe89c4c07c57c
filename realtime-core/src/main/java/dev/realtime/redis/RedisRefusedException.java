package dev.realtime.redis;

import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Redis answered that it does not do something. The message says in one sentence what is
 * wrong and what to do; the cause has Redis's own words. Nothing was carried out.
 */
public class RedisRefusedException extends RedisCommandExecutionException {

	private static final long serialVersionUID = 1L;

	private final boolean permission;

	RedisRefusedException(String sentence, boolean permission, @Nullable Throwable cause) {
		super(sentence, cause);
		this.permission = permission;
	}

	/**
	 * Whether the ACL user lacks a permission for what was asked. Otherwise the server
	 * refuses all of that kind, until its state changes.
	 */
	public boolean isPermission() {
		return this.permission;
	}

}

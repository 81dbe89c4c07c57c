package dev.realtime.spring.upgrade;

import java.io.EOFException;

/** The ordinary end of a connection. It is part of the traffic and has no stack trace. */
final class ConnectionClosed extends EOFException {

	private static final long serialVersionUID = 1L;

	ConnectionClosed() {
		super("The connection was closed");
	}

	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

}

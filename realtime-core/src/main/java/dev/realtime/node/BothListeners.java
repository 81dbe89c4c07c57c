package dev.realtime.node;

import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.Subscriber;

/** Tells two listeners; what the first one throws keeps nothing from the second. */
record BothListeners(ConnectionListener first, ConnectionListener second) implements ConnectionListener {

	@Override
	public void onConnected(Connection connection) {
		try {
			this.first.onConnected(connection);
		}
		finally {
			this.second.onConnected(connection);
		}
	}

	@Override
	public void onLive(Subscriber subscriber) {
		try {
			this.first.onLive(subscriber);
		}
		finally {
			this.second.onLive(subscriber);
		}
	}

	@Override
	public void onEnd(Subscriber subscriber) {
		try {
			this.first.onEnd(subscriber);
		}
		finally {
			this.second.onEnd(subscriber);
		}
	}

	@Override
	public void onClosed(Connection connection) {
		try {
			this.first.onClosed(connection);
		}
		finally {
			this.second.onClosed(connection);
		}
	}

}

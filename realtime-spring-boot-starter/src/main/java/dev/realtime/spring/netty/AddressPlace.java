package dev.realtime.spring.netty;

import java.net.InetSocketAddress;

import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.AddressConnections.Place;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * The place that a connection has among those of its client's address. A client that is
 * known when the connection is accepted has it until the connection ends. Behind a
 * trusted proxy each request says who the client is, and has a place of its own: a
 * WebSocket until it ends, a stream until it is answered. On the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class AddressPlace {

	private static final AttributeKey<Boolean> CROWDED = AttributeKey.valueOf(AddressPlace.class, "crowded");

	private static final AttributeKey<AddressPlace> BEHIND_PROXY = AttributeKey.valueOf(AddressPlace.class, "proxied");

	private @Nullable Place place;

	private AddressPlace() {
	}

	/**
	 * The peer of a connection is known.
	 * @return false if the connection is to be closed without an answer, because its
	 * address has too many that wait for one already
	 */
	static boolean connected(Channel channel, InetSocketAddress peer, ListenerContext listener) {
		if (listener.proxies().contains(peer)) {
			return true;
		}
		Place place = listener.addresses().enter(peer);
		if (place == null) {
			place = listener.turnedAway().enter(peer);
			channel.attr(CROWDED).set(true);
		}
		if (place == null) {
			return false;
		}
		Place taken = place;
		channel.closeFuture().addListener((closed) -> taken.leave());
		return true;
	}

	/** Whether the connection's first request is refused, whatever it asks for. */
	static boolean isCrowded(Channel channel) {
		return channel.hasAttr(CROWDED);
	}

	/**
	 * A request begins.
	 * @return false if its client's address has all the connections that it may have
	 */
	static boolean enter(Channel channel, HttpRequest request, ListenerContext listener) {
		InetSocketAddress peer = ConnectionSetup.peer(channel);
		if (!listener.proxies().contains(peer)) {
			return true;
		}
		Place place = listener.addresses().enter(listener.proxies().client(peer, request));
		if (place == null) {
			return false;
		}
		if (place != AddressConnections.Place.NOT_COUNTED) {
			of(channel).take(place);
		}
		return true;
	}

	/** The request is answered. */
	static void leave(Channel channel) {
		AddressPlace known = channel.hasAttr(BEHIND_PROXY) ? channel.attr(BEHIND_PROXY).get() : null;
		if (known != null) {
			known.leave();
		}
	}

	private static AddressPlace of(Channel channel) {
		AddressPlace known = channel.attr(BEHIND_PROXY).get();
		if (known == null) {
			known = new AddressPlace();
			channel.attr(BEHIND_PROXY).set(known);
			channel.closeFuture().addListener((closed) -> leave(channel));
		}
		return known;
	}

	private void take(Place taken) {
		leave();
		this.place = taken;
	}

	private void leave() {
		if (this.place != null) {
			this.place.leave();
			this.place = null;
		}
	}

}

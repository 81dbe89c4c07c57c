package dev.realtime.bench.capacity;

import java.util.Locale;

/**
 * What one of something costs. In a file of costs its name is in lower case with hyphens,
 * behind the transport or the engine where those differ: {@code netty.delivery}.
 */
public enum UnitCost {

	/** A message for one subscriber, written by itself. */
	DELIVERY("µs of a core", "a delivery with a write of its own"),

	/** A message for one subscriber, beside others in one write. */
	FRAME("µs of a core", "each message in a write, without the write"),

	/** Resident memory: heap, direct and native. */
	CONNECTION("bytes", "resident memory of an idle connection with a subscription"),

	/** The part of {@link #CONNECTION} that is objects. */
	HEAP("bytes", "objects of an idle connection with a subscription, in the heap"),

	/** Memory of the kernel. */
	SOCKET("bytes", "the kernel's memory of an idle socket"),

	/** Resident memory of a process that nobody is connected to. */
	PROCESS("bytes", "a node's process without connections"),

	/** Connected, subscribed and present, at a node that has served others. */
	JOINS("per CPU second", "clients that connect and subscribe"),

	/** The same at a node that has just started. */
	JOINS_AT_A_NEW_NODE("per CPU second", "clients that connect and subscribe, at a node that has just started"),

	/** In the node that publishes. */
	PUBLISH("µs of a core", "a publication, in the node that publishes"),

	/** In each node that the relay brings it to. */
	RECEIVE("µs of a core", "a message that the relay brings to a node"),

	/** The part of {@link #RECEIVE} that one thread does after the other. */
	RECEIVE_THREAD("µs of a core", "the same in the thread that reads the relay's connection"),

	/** Bytes of the frame and of its TCP segment beside the payload. */
	FRAME_BYTES("bytes", "beside the payload of a delivery: STOMP, WebSocket, TCP/IP, Ethernet"),

	/** Bytes of an announcement beside the payload. */
	RELAY_BYTES("bytes", "beside the payload of a message from the relay"),

	/** In the server that stores. */
	STORE("µs of a core", "a publication, in the server that stores it"),

	/** In the server that announces, where it is another one. */
	ANNOUNCE("µs of a core", "a publication, in the server that announces it"),

	/** For each node that a message goes to. */
	FORWARD("µs of a core", "each node that a message goes to, in the server that announces it"),

	/** Each node compares its position of each topic with the log. */
	COMPARE("µs of a core", "a topic that a node compares with the log, in the server that stores"),

	/** In the server that keeps presence. */
	JOIN("µs of a core", "a client that joins presence, in the server that keeps it");

	private final String unit;

	private final String meaning;

	UnitCost(String unit, String meaning) {
		this.unit = unit;
		this.meaning = meaning;
	}

	String unit() {
		return this.unit;
	}

	String meaning() {
		return this.meaning;
	}

	/** Its name in a file of costs. */
	String key() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}

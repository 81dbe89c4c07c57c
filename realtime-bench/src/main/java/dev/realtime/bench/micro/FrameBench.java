package dev.realtime.bench.micro;

import java.util.concurrent.TimeUnit;

import dev.realtime.Position;
import dev.realtime.TopicMessage;
import dev.realtime.codec.MessageCodec;
import dev.realtime.stomp.StompFrames;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What becomes of a message of 128 bytes. Nanoseconds for each. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBench {

	private static final TopicMessage MESSAGE = Room.message(new Position("7QX2M0A9BC", 1_234_567));

	private static final byte[] ANNOUNCEMENT = MessageCodec.announcement(MESSAGE);

	/** The MESSAGE frame. */
	@Benchmark
	public byte[] stompMessage() {
		return StompFrames.message(MESSAGE, "/topic/room.42", "sub-0");
	}

	/** The bytes in the log. */
	@Benchmark
	public byte[] blob() {
		return MessageCodec.blob(Room.PUBLICATION);
	}

	/** The bytes on a channel, read. */
	@Benchmark
	public TopicMessage announced() {
		return MessageCodec.announced(Room.TOPIC, ANNOUNCEMENT);
	}

}

package dev.realtime.spring.stream;

import java.util.List;

import dev.realtime.delivery.Batch;

/** A batch, read once for all streams that get it. On the shard. */
record ServerFrames(List<ServerFrame> frames) implements Batch.Encoding {

	static ServerFrames of(Batch batch) {
		return new ServerFrames(batch.frames().stream().map((frame) -> ServerFrame.parse(frame.bytes())).toList());
	}

}

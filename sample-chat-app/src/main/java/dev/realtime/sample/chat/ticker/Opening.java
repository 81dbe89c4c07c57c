package dev.realtime.sample.chat.ticker;

import java.security.Principal;
import java.util.List;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.spring.snapshot.Snapshot;
import dev.realtime.spring.snapshot.SnapshotProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * What the page must know before the first frame: the prices at which the day began. It
 * comes together with the position from which the page goes on, so nothing falls between
 * loading and listening.
 */
@Component
class Opening implements SnapshotProvider<List<Quote>> {

	private final Market market;

	Opening(Market market) {
		this.market = market;
	}

	@Override
	public TopicPattern pattern() {
		return new TopicPattern("prices");
	}

	@Override
	public Snapshot<List<Quote>> snapshot(Topic topic, @Nullable Principal user) {
		return Snapshot.of(this.market.opening());
	}

}

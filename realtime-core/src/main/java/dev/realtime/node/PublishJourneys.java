package dev.realtime.node;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.journey.JourneyRequests;
import dev.realtime.journey.Journeys;
import dev.realtime.loop.Environment;

/** Notes when publications of this node began and were answered, if they ask for that. */
final class PublishJourneys {

	private final Journeys journeys;

	private final JourneyRequests requests;

	private final Function<Publication, CompletionStage<PublishReceipt>> publish;

	private final Environment environment;

	/**
	 * Creates it.
	 * @param publish publishes
	 */
	PublishJourneys(Journeys journeys, Function<Publication, CompletionStage<PublishReceipt>> publish,
			Environment environment) {
		this.journeys = journeys;
		this.publish = publish;
		this.requests = new JourneyRequests(environment);
		this.environment = environment;
	}

	/** Which next messages are noted although their publishers do not ask for it. */
	JourneyRequests requests() {
		return this.requests;
	}

	/** Publishes. */
	CompletionStage<PublishReceipt> publish(Publication given) {
		Publication publication = this.requests.marked(given);
		if (!publication.content().hasJourney()) {
			return this.publish.apply(publication);
		}
		long began = this.environment.nanoTime();
		return this.publish.apply(publication).whenComplete((receipt, failure) -> {
			if (receipt != null && !receipt.duplicate()) {
				this.journeys.published(receipt, began);
			}
		});
	}

}

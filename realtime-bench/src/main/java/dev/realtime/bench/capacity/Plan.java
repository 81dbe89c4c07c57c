package dev.realtime.bench.capacity;

/**
 * What a fleet needs.
 *
 * @param fleet what it has to do
 * @param costs the unit costs behind all figures
 * @param nodes how many, one of which may be lost
 * @param decidedBy what makes it so many
 * @param all one node's load when all are there
 * @param oneLost one node's load when one is lost
 * @param engine the engine's load
 * @param lost the clients of a lost node come back
 * @param deploy the clients of the whole fleet come back
 */
public record Plan(Fleet fleet, Costs costs, int nodes, String decidedBy, NodeLoad all, NodeLoad oneLost,
		EngineLoad engine, Storm lost, Storm deploy) {

}

using CacheBackup.Bootstrap.Tests;
using CacheBackup.Fixtures;

[assembly: AssemblyFixture(typeof(MotoServer))]
[assembly: AssemblyFixture(typeof(PublishedBinary))]

// Each test starts processes of its own; more at once would only make them wait for one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

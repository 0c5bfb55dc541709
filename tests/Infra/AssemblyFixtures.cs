using CacheBackup.Infra.Tests;
using CacheBackup.Infra.Tests.Recording;

[assembly: AssemblyFixture(typeof(RecordedLife))]
[assembly: AssemblyFixture(typeof(SynthesisedStack))]

namespace CacheBackup.Architecture.Tests.Persistence;

/// <summary>The walk itself, on a context whose names are known.</summary>
public sealed class PersistedNamesTests
{
    private static readonly string[] Expected =
    [
        "List<SamplePart>[] at",
        "List<SamplePart>[] sizeBytes",
        "SampleDocument asNumber",
        "SampleDocument asNumber = 0",
        "SampleDocument asNumber = 1",
        "SampleDocument children",
        "SampleDocument colour",
        "SampleDocument colour = \"DeepRed\"",
        "SampleDocument colour = \"Green\"",
        "SampleDocument maybe",
        "SampleDocument maybe = \"DeepRed\"",
        "SampleDocument maybe = \"Green\"",
        "SampleDocument name",
        "SampleDocument parts",
        "SampleDocument parts{key} = \"DeepRed\"",
        "SampleDocument parts{key} = \"Green\"",
        "SampleDocument parts{}.at",
        "SampleDocument parts{}.sizeBytes",
        "SampleDocument renamed-by-hand",
        "SampleDocument shape",
        "SampleDocument shape kind = \"square\"",
        "SampleDocument shape.id",
        "SampleDocument shape.side",
    ];

    [Fact]
    public void Every_member_and_every_text_of_an_enum_has_a_line() =>
        Assert.Equal(Expected, PersistedNames.Of([typeof(SampleJson)]));

    [Fact]
    public void Contexts_of_an_assembly_are_found_whether_public_or_not() =>
        Assert.Equal(Expected, PersistedNames.Of([typeof(SampleJson).Assembly]));

    [Fact]
    public void Name_that_is_changed_is_both_gone_and_added()
    {
        var compared = GoldenNames.Compare(["# a remark", string.Empty, "A a", "A b"], ["A a", "A c"]);

        Assert.Equal(["A b"], compared.Gone);
        Assert.Equal(["A c"], compared.Added);
    }
}

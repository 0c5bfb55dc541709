using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Tests.Model;

public sealed class SlotSetTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("0-16383", "0-16383", 16384)]
    [InlineData("7", "7", 1)]
    [InlineData("5,3-4,9,0", "0,3-5,9", 5)]
    [InlineData("10-12,11-20", "10-20", 11)]
    public void Set_has_one_text(string text, string canonical, int count)
    {
        SlotSet set = SlotSet.FromCatalog(text);
        Assert.Equal(canonical, set.Value);
        Assert.Equal(count, set.Count);
        Assert.Equal(set, SlotSet.Of(set.ToTable()));
        Assert.Equal(count, set.ToTable().Count(isIn => isIn));
        Assert.Equal(count == 0, set == SlotSet.None);
    }

    [Theory]
    [InlineData("16384")]
    [InlineData("5-4")]
    [InlineData("-1")]
    [InlineData("a-b")]
    [InlineData("1-2-3")]
    [InlineData(" 1")]
    public void What_is_no_range_is_refused(string text) => Assert.Throws<InvalidRequestException>(() => SlotSet.FromCatalog(text));

    [Theory]
    [InlineData("0-9", "10-20", 0)]
    [InlineData("0-9", "9-20", 1)]
    [InlineData("0-3,8", "2-10", 3)]
    [InlineData("", "0-5", 0)]
    public void Shared_slots_are_counted(string one, string other, int shared)
    {
        Assert.Equal(shared, SlotSet.FromCatalog(one).CountShared(SlotSet.FromCatalog(other)));
        Assert.Equal(shared, SlotSet.FromCatalog(other).CountShared(SlotSet.FromCatalog(one)));
    }

    [Fact]
    public void All_is_every_slot() => Assert.Equal(KeySlot.Count, SlotSet.All.Count);
}

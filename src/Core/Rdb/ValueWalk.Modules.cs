namespace CacheBackup.Core.Rdb;

/// <content>Module data: an id, then marked numbers and strings up to an end mark.</content>
internal partial struct ValueWalk
{
    private const ulong EndMark = 0;
    private const ulong SignedMark = 1;
    private const ulong UnsignedMark = 2;
    private const ulong FloatMark = 3;
    private const ulong DoubleMark = 4;
    private const ulong StringMark = 5;

    private bool AdvanceModule<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        if (Step == ValueStep.ModuleId)
        {
            if (!ReadNumber(ref window, ref visitor))
            {
                return false;
            }

            Step = ValueStep.ModuleMark;
            return true;
        }

        // A mark and what it announces are one token, so that nothing need be remembered between them.
        int start = window.Position;
        long offset = window.OffsetBytes;
        if (!window.TryReadNumber(out ulong mark))
        {
            return false;
        }

        bool isRead;
        switch (mark)
        {
            case EndMark:
                Step = ValueStep.End;
                return true;
            case SignedMark or UnsignedMark:
                isRead = ReadNumber(ref window, ref visitor);
                break;
            case FloatMark:
                isRead = ReadFixed(ref window, ref visitor, 4);
                break;
            case DoubleMark:
                isRead = ReadFixed(ref window, ref visitor, 8);
                break;
            case StringMark:
                isRead = ReadText(ref window, ref visitor);
                break;
            default:
                throw new RdbFormatException(RdbError.BadModuleData, offset, "Module data hold a mark that no version defines");
        }

        if (!isRead && !_isInText)
        {
            window.Position = start;
        }

        return isRead;
    }
}

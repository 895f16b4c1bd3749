"""The codebooks ("grids") of the IQ types: which combinations of levels a code may stand for.

A grid is a set of points in ascending order (first element least significant), so it is kept as a
compressed bitmap of all combinations. Grids and sign rule are part of the file format.
"""

import zlib
from base64 import b85decode
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.weights.blocks.block import Floats

LEVELS_2 = (8, 25, 43)
LEVELS_3_XXS = (4, 12, 20, 28, 36, 44, 52, 62)
LEVELS_3_S = (1, 3, 5, 7, 9, 11, 13, 15)
LEVELS_1 = (-1, 0, 1)

# Per grid: the levels of an element, elements per point, points, the bitmap.
GRIDS: dict[str, tuple[tuple[int, ...], int, int, str]] = {
    "IQ2_XXS": (
        LEVELS_2,
        8,
        256,
        "c-nPRORj`4470MbdWwiuj~R8vF<3s$DPNNQV8mEdDvh1mfzMz4@MsNM4-"
        "kL~Dg?0u3Z<Q}s#5&i%a^YL7=qILyw)W4Cso8iRnlpCLd`c4Du;C<RlH?aajd+e<FY7)k8>WSTt@47wX1jPqB4"
        "1q=2e+&9hy;#r#nzQ(d`wV2I-N(E<X_7hks$x7)Do8!;TEvZcdv+$;Bf*s-;99+U-"
        "&7)=?KnsoS&M%ZZjW8ztGaG<oin^)>q~!#84@<5Q?C;cAe-"
        "jqH$lW6s<jvF<nQc*Z$~yKl@H%B$)D{-`Y{-_v~Aze0c0{sHUUCpi",
    ),
    "IQ2_XS": (
        LEVELS_2,
        8,
        512,
        "c-mc2ORj`4470L|dWwh@;*?QWh*MOoP)|Aew9xme83;|{*iP^L>UVu^J$f&9<)%0;rYcZH@zkTcz*1-"
        "`0#F4vd)cqIa~EY0S(m36us~sl4e+uqnt+xnD5p1ifdk&k2^cqyDKl&hVwLuN#<u{Y#82-"
        "D2r2AS*#~B;6>b%zZ?$An2Qav5OyP;?IjC1*OUa>YNXBOJs!l*N%2M9ag1pZ#qbS<pDODX)Ys@FiGwcn?g7z}Z"
        "UJ85J?WuXe7)kq!xj_MC=sehbo`f6hw91-EjVApg;SBK(#S-"
        "ctqy5bslAAu_xaBeODLPcR%XL4jpOCvsj1dP@iIwgyVBr<uBI!nKMuUZZ1qQNNP<bV}FGN4KvRv{ky>(2~*Gt;"
        "x6q$P={6Cb#@3Dfxx_wWh`vWo0U*P",
    ),
    "IQ2_S": (
        LEVELS_2,
        8,
        1024,
        "c-n1JOKt@r42!agI0c#&;*=39#3>LflvCCTO#7-"
        "9jpk=;Y=fB%TefG%OIlXuE_Fz<Ougf=%xu>+l3Bq8hyjg~lMrunmZ<Wy`~YGiEi#3On5vBd<vmKZSi%aW(psKW"
        "GWlAsphF>8rUC+;ZDfa(=s@_F#i0yss$-8fvv#Vf@jNV{kuiVLgA~66J1A2@4RVJKUxH}IH-"
        "$JpaZ^g})pmKjjd>lmojtPqGOJ!xqXVV(I)s3f1HneH&<4|id_Zsqi~d9|fZw$~1nHWO$bgs-"
        "@JBFei6qb36Asxo<#s4;BRhd~d<sfnbhG0<$t^)oE$@gK%zO1xyELVB%s1k`FAKZeJ@WjCtPZ6s4%XC=!ChZ<C"
        "{I5t%jB|RQ$q0^0H^%ZVVCdNfJ9HPfzZdmWSrg_I({bPgptf%^rJMcpz`hTS7u<>s9rVvW-WSa`T|j+oGk",
    ),
    "IQ3_XXS": (
        LEVELS_3_XXS,
        4,
        256,
        "c-l=-"
        "K?=h#3{ye}VW$qZd!FLL9+1HvWO^EVh1sdkoaHp#R7#szmgHo6m{j1}>~2z^o7e*jro|>W6f;suxGq5ThwwrH-"
        "tdy3S=*8VCKknJ;ww~xN=C-"
        "Lt2kc1f`n?I#<sN&{qc;xi`rsIog^>xCi>0vO72GEj+P?`#G30*;dkafo0(MD70~26E5oy)Fh-PS2J_iYxE!Gh"
        ">5A3e2Aw8l#Lz*UZ2xyz&!sE!Xy7=t?heopubnm$;UMyR4j1Wf!f;*xLWT6+u!rw*Hy!tqyDZ17JdzPtf@!~_J"
        "7yrh&WtZi",
    ),
    "IQ3_S": (
        LEVELS_3_S,
        4,
        512,
        "c-k#dK}rKb5Ud?m7(7iN59ovqtiR~U2pdlmS^v`sIn3TR;sZue5Z@6$Amj-"
        "`@D=vV+J}a&>aMEU{rNq)_mDQ1)6rXa`g-zl6)-xV9&D<-"
        "%sLtw(&E+K!8jAZAn=FIh`{BX?s3iZ9eL!0y{saQwa{i<M_rV8i?Gza!ZNf5Tx$=B>&%}&x2aFnb2>I1DZfG3@"
        "eJJ?w}Hf9jj>U<u}qaX$V(Q{%bJZi0qBwX8+P2=0D&xpG^*kpx3aC_+^woo1gDy;frCMb5s>PfCelExhl@Z5=M"
        "_J&lZwQK<TIaOt1Nd_t_Z4Nkqr(Irw~QLK*sjOloy2EUU#sN3YKfvLC9pG+yhGG#kO><KBF1{I~{B$E!8AqIlE"
        "}-BNQAl`R33C|JNFjj93D(#a!oZudm_a(c~OHe<Yb)Y4R?AVbTWv01QA~hX",
    ),
    "IQ1_S": (
        LEVELS_1,
        8,
        2048,
        "c-k#eO>0z16uqyx#k83y_qA0qE*kA7fk#%6iL;cd<W&+S(JE7AEBc6nlGQ*KX*Z#@1057+gows$6w-"
        "}Cbfte_m;o2UY|_#*VZa~*x^U%6T=`Mm&aUdhx#ygF&eKOplgaU0)cQ?aLaWb`!=%}lC@i-"
        "gZEZ5CFdhU_><`D{U2pdIZAiiRBZ^Tjpc--1mjt-&r-"
        "O_l7bZy)3*%3zRUeyRXfJ~s5?<5PM<UK4aB<I3L}>n{hnc{+>K$G67mn>zvR$=UOtZPa7LUsmQWQ2bN)ou!Kj_"
        "yfb~LQyR=nku)`P+=g=?+GNRyF#AueD^;Yg67k)HG=(os>Uh!rG~(gRxZza2HhyPsM)=qh9|ehXUldkU;_wA!C"
        "+2Fv`rcq!34!0Fqz%0;&7#XeAmBu`}t6ci#>+3WlSwzITy{$0C$RU8lhlWkibbyz6nxOL=l|4%yAAJ4G^LV^S*"
        "V!(*CwdNU%)Qrh$#q9cyW*tq|@QQ}j896#XTv`6q5lhc&*LLPVeEGcad$xT4&D*b^FV9bJ+^}ih*A`2jX2rIue"
        "$9q9{)`S!jt!g=X1D{vGEMnukjj}Wcvs!oqc~_d61@aP1V3Bvcjc9uWpgt6=l#-;vm1GpU-HX*>(|GJ!F2C{R9"
        "{8qA7trFiLFJ0VD+S2Ny_0+jiaiUvPbU!Gt<44HyL$nQ%A{iI)xZW(;0iU=zRoe)YSg8LFF!L&Ei&Q)FngSxd="
        "=b)ez8IIEAq?gCPR1z1`cE#svx$dBcgrdMr~`+vY{G*{j)LdH7J(;|V_S3+rEqj0{aUGZ~5`z3=#nUT2ypkIbf"
        "^7Qd%#dKF#22&cWI$B=(k{y*i-P-%7a6aqltG8tC11XWn$8wuQe)#`Rb$ezM@h+=MX6ehv4>@KW-1MD8)wE",
    ),
}


@cache
def grid(name: str) -> Floats:
    """The points of a grid, float32 [points, elements]."""
    levels, width, points, packed = GRIDS[name]
    bitmap = np.frombuffer(zlib.decompress(b85decode(packed)), np.uint8)
    codes = np.flatnonzero(np.unpackbits(bitmap))
    assert len(codes) == points, name
    digits = codes[:, None] // len(levels) ** np.arange(width) % len(levels)
    found: Floats = np.array(levels, np.float32)[digits]
    return found


def signs_of_bytes(packed: NDArray[np.uint8]) -> Floats:
    """[..., k] bytes -> [..., k, 8] of +1 and -1 (a set bit)."""
    bit = (packed[..., None] >> np.arange(8, dtype=np.uint8)) & np.uint8(1)
    return np.where(bit == 0, np.float32(1), np.float32(-1))


def signs_of_seven(codes: NDArray[Any]) -> Floats:
    """Seven bits are stored; the eighth makes the number of minus signs even."""
    seven = codes.astype(np.uint8)
    odd = np.bitwise_count(seven) & np.uint8(1)
    return signs_of_bytes(seven | (odd << np.uint8(7)))
